"""`python -m app.simulator`: the simulated platforms, without loading the rest of the program."""

from app.simulator.asgi import serve

if __name__ == "__main__":
    serve()
