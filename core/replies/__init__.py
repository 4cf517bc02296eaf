"""Everything a citizen reads, in the catalogues beside this file (Project Fluent)."""

from functools import cache
from importlib.resources import files

from fluent.runtime import FluentBundle, FluentResource

LANGUAGES = ("id", "en")


def render(language: str, key: str, args: dict[str, str] | None = None) -> str:
    """Return the sentence `key` in `language`, Indonesian where it is none of LANGUAGES.

    Raises KeyError for an unknown key, ValueError when a variable is missing.
    """
    bundle = catalogue(language if language in LANGUAGES else LANGUAGES[0])
    pattern = bundle.get_message(key).value if bundle.has_message(key) else None
    if pattern is None:
        raise KeyError(key)
    text, errors = bundle.format_pattern(pattern, args or {})
    if errors:
        raise ValueError(f"{language}/{key}: {errors[0]}")
    return str(text)


@cache
def catalogue(language: str) -> FluentBundle:
    """Return the catalogue of one of LANGUAGES."""
    bundle = FluentBundle([language], use_isolating=False)
    source = files(__name__).joinpath(f"{language}.ftl").read_text(encoding="utf-8")
    bundle.add_resource(FluentResource(source))
    return bundle
