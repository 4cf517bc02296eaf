"""Where the citizen of the simulated phones stands: in the city whose office the demo is."""

import pytest

from app.simulator.acts import Place, Venue
from app.simulator.page import EXAMPLE
from core.atlas import Atlas, government_of
from core.message import Place as Pin
from core.registry.areas import is_within, packaged_areas
from core.registry.files import packaged

BONTANG = "64.74"


@pytest.mark.parametrize("spot", [Place(), Venue()])
def test_the_pin_lies_in_the_city_of_the_demo(spot: Place) -> None:
    atlas, pin = Atlas(packaged()), Pin(spot.latitude, spot.longitude)
    near = atlas.nearest(pin)
    assert government_of(atlas.around(pin) or near.code) == BONTANG
    assert near.clearly


def test_the_words_name_a_kelurahan_of_the_city() -> None:
    areas = packaged_areas().values()
    known = {
        area.name for area in areas if area.kind == "kelurahan" and is_within(area.code, BONTANG)
    }
    for words in (EXAMPLE, Venue().title, Venue().address):
        assert any(name in words for name in known)
