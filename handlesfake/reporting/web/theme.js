// Light and dark: what the system says, until the button says otherwise.
const THEME = "handlesfake-theme";

/** What is kept from the last visit; a page in a frame or a file may be allowed to keep nothing. */
function kept(name, value) {
  try {
    if (value !== undefined) localStorage.setItem(name, value);
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function useThemes(button) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = (name) => {
    document.documentElement.dataset.theme = name;
    button.setAttribute("aria-pressed", String(name === "dark"));
  };
  show(kept(THEME) ?? (dark.matches ? "dark" : "light"));
  dark.addEventListener("change", () => kept(THEME) ?? show(dark.matches ? "dark" : "light"));
  button.addEventListener("click", () => {
    show(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    kept(THEME, document.documentElement.dataset.theme);
  });
}
