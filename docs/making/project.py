"""The facts about the project that only ``setup.cfg`` says, and what is made of them.

The owner names ``author`` and ``url`` there, and ``python -m docs.generate`` writes them wherever else they are read.
"""

from __future__ import annotations

import json
import re
from configparser import ConfigParser
from pathlib import Path
from urllib.parse import urlsplit

from handlesfake.values.values import frozen

ROOT = Path(__file__).parent.parent.parent
_URLS = re.compile(r"(?<=^project_urls =\n)(?:    .*\n)+", re.M)
_RELEASED = re.compile(r"^## (\d+\.\d+\.\d+) \((\d{4}-\d{2}-\d{2})\)$", re.M)


@frozen
class Project:
    """What ``[metadata]`` of ``setup.cfg`` says."""

    version: str
    """Of the present state: the last release, or the next one."""
    description: str
    """One line."""
    keywords: tuple[str, ...]
    """What a person would search for."""
    author: str
    """A person or a group, as citations have it."""
    repository: str
    """The address of the repository, without a slash at its end."""

    @property
    def tag(self) -> str:
        """The tag of this version."""
        return f"v{self.version}"

    @property
    def documentation(self) -> str:
        """Where GitHub Pages serves the site of the repository, with a slash at its end."""
        address = urlsplit(self.repository)
        owner, _, name = address.path.strip("/").partition("/")
        pages = address.netloc.removesuffix(".com") + ".io" if address.netloc == "github.com" else address.netloc
        return f"https://{owner.lower()}.{pages}/{name}/"

    def page(self, path: str, at: str = "") -> str:
        """The address of a file in the repository.

        :param at: a branch or tag, else this version's tag.
        """
        return f"{self.repository}/blob/{at or self.tag}/{path}"


def project(root: Path = ROOT) -> Project:
    """The project whose ``setup.cfg`` is in ``root``."""
    setup = ConfigParser(interpolation=None)
    setup.read(root / "setup.cfg", encoding="utf-8")
    said = setup["metadata"]
    keywords = tuple(word.strip() for word in said["keywords"].split(","))
    return Project(said["version"], said["description"], keywords, said["author"], said["url"].rstrip("/"))


def released(root: Path = ROOT) -> dict[str, str]:
    """Each version that ``CHANGELOG.md`` has, newest first, with its date."""
    return dict(_RELEASED.findall((root / "CHANGELOG.md").read_text(encoding="utf-8")))


def setup_cfg() -> str:
    """``setup.cfg`` with the links that a package index shows."""
    now = project()
    links = {
        "Documentation": now.documentation,
        "Changes": now.page("CHANGELOG.md", at="main"),
        "Issues": f"{now.repository}/issues",
        "Security": f"{now.repository}/security/policy",
    }
    lines = "".join(f"    {name} = {address}\n" for name, address in links.items())
    return _URLS.sub(lines, (ROOT / "setup.cfg").read_text(encoding="utf-8"))


def citation(root: Path = ROOT) -> str:
    """``CITATION.cff``: who wants to cite the project, and GitHub's "Cite this repository"."""
    now = project(root)
    fields = {
        "cff-version": "1.2.0",
        "message": "If you use handlesfake in published work, please cite it so.",
        "type": "software",
        "title": "handlesfake",
        "abstract": f"{now.description}.",
        "authors": [{"name": now.author}],
        "version": now.version,
        "repository-code": now.repository,
        "url": now.documentation,
        "license": "MIT",
        "keywords": list(now.keywords),
    }
    if date := released(root).get(now.version):
        fields["date-released"] = date
    made = "# Made of setup.cfg and CHANGELOG.md: python -m docs.generate\n"
    # JSON values are YAML ones: no text needs a second look for what YAML would make of it
    return made + "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items())


def issue_config() -> str:
    """``config.yml`` of the forms for issues: where else to go."""
    now = project()
    links = [
        {
            "name": "A weakness that others could use",
            "url": f"{now.repository}/security/advisories/new",
            "about": "Report it privately; SECURITY.md says what happens then.",
        },
        {
            "name": "Documentation",
            "url": now.documentation,
            "about": "Recipes, all names, and what each message means.",
        },
    ]
    made = "# Made of setup.cfg: python -m docs.generate\nblank_issues_enabled: true\ncontact_links:\n"
    lines = [
        f"  {'-' if name == 'name' else ' '} {name}: {value}\n" for link in links for name, value in link.items()
    ]
    return made + "".join(lines)


def reporting() -> str:
    """Where ``SECURITY.md`` sends who has found a weakness."""
    return f"Report it privately: <{project().repository}/security/advisories/new>."


def hooks() -> str:
    """What a user of pre-commit writes into ``.pre-commit-config.yaml``."""
    now = project()
    lines = ["```yaml", f"- repo: {now.repository}", f"  rev: {now.tag}", "  hooks:"]
    return "\n".join([*lines, "    - id: handlesfake-scan", "    - id: handlesfake-rules", "```"])


if __name__ == "__main__":  # python -m docs.making.project documentation, for workflows
    import sys

    sys.stdout.write(f"{getattr(project(), sys.argv[1])}\n")
