"""One running system for all fault tests; each uses citizens of its own."""

from collections.abc import Iterator

import pytest

from tests.faults.city import City


@pytest.fixture(scope="package")
def running_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    city = City(tmp_path_factory.mktemp("city"))
    try:
        city.start()
        yield city
    finally:
        city.stop()


@pytest.fixture
def city(running_city: City) -> City:
    """The system with everything up and no fault switched on."""
    running_city.mend()
    return running_city
