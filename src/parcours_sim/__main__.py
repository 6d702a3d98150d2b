"""`python -m parcours_sim`, which is the command `parcours-sim`."""

from parcours_sim.cli import main

if __name__ == "__main__":  # worker processes read this file too
    main()
