"""How Sphinx builds the site. ``docs/decisions/007-sphinx-for-the-site.md`` says why Sphinx."""

from importlib.metadata import version as _version

project = "handlesfake"
author = "the authors of handlesfake"
version = release = _version("handlesfake")
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_copybutton", "docs.site.signatures"]
exclude_patterns = ["examples"]
highlight_language = "text"  # a block without a language is what a terminal shows
nitpicky = True
smartquotes = False  # "throttled" is code, also where a docstring has it in a sentence
suppress_warnings = ["misc.highlighting_failure"]  # a request with "..." in its body is shown without colours

myst_heading_anchors = 4  # the anchors that GitHub gives
myst_url_schemes = {
    "http": None,
    "https": None,
    "anchor": {"url": "{{path}}#{{fragment}}"},  # of docs.site.staging.with_anchors
}

autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 90
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = f"handlesfake {release}"
html_favicon = "icon.svg"
html_static_path = ["style.css"]
html_css_files = ["style.css"]
html_copy_source = False
html_show_copyright = False
html_theme_options = {"navigation_with_keys": True}
copybutton_prompt_text = "$ "
