"""`python -m trazo`: the program."""

from trazo.start import main

if __name__ == "__main__":
    main()
