"""Everything a citizen reads, in the catalogues beside this file (Project Fluent)."""

from functools import cache, lru_cache
from importlib.resources import files

from fluent.runtime import FluentBundle, FluentResource

from core.settings import WordingSettings

LANGUAGES = ("id", "en")
# "Kak" calls somebody; where the sentence speaks of him, it is the whole word.
PRONOUNS = {"Anda": "Anda", "Kak": "Kakak"}

# Fluent refuses variables of more than 2,500 characters, against files that blow up. What citizens
# and officers write may be longer: it is put in afterwards, for a sign of the private use area.
LONGEST = 2_500
FEW_VALUES = frozenset({"pins"})  # with these alone, a sentence is worded once
_SIGNS = range(0xE000, 0xF8FF)


def render(language: str, key: str, args: dict[str, str] | None = None) -> str:
    """Return the sentence `key` in `language`, Indonesian where it is none of LANGUAGES.

    Raises KeyError for an unknown key, ValueError when a variable is missing.
    """
    bundle = catalogue(language if language in LANGUAGES else LANGUAGES[0])
    given = args or {}
    if given.keys() <= FEW_VALUES:
        return _standing(bundle, key, tuple(given.items()))
    return _formatted(bundle, key, given)


@lru_cache(maxsize=1_024)
def _standing(bundle: FluentBundle, key: str, given: tuple[tuple[str, str], ...]) -> str:
    return _formatted(bundle, key, dict(given))


def _formatted(bundle: FluentBundle, key: str, args: dict[str, str]) -> str:
    pattern = bundle.get_message(key).value if bundle.has_message(key) else None
    if pattern is None:
        raise KeyError(key)
    given, long = _without_long(args)
    text, errors = bundle.format_pattern(pattern, given)
    if errors:
        raise ValueError(f"{bundle.locales[0]}/{key}: {errors[0]}")
    return str(text).translate(long)


def _without_long(args: dict[str, str]) -> tuple[dict[str, str], dict[int, str]]:
    """Return the variables with a sign for each that is too long, and what each sign stands for."""
    long = [name for name, value in args.items() if len(value) > LONGEST]
    if not long:
        return args, {}
    used = set().union(*args.values())
    free = (sign for sign in _SIGNS if chr(sign) not in used)
    signs = dict(zip(long, free, strict=False))
    given = args | {name: chr(sign) for name, sign in signs.items()}
    return given, {sign: args[name] for name, sign in signs.items()}


@cache
def catalogue(language: str) -> FluentBundle:
    """Return the catalogue of one of LANGUAGES, which addresses citizens as KANAL_SAPAAN says.

    Read once in a process: the way of address is one of the office, not of a conversation.
    """
    bundle = FluentBundle([language], use_isolating=False)
    source = files(__name__).joinpath(f"{language}.ftl").read_text(encoding="utf-8")
    bundle.add_resource(FluentResource(source))
    address = FluentResource(f"-anda = {PRONOUNS[WordingSettings().sapaan]}")
    bundle.add_resource(address, allow_overrides=True)
    return bundle
