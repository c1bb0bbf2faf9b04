"""Write the catalogue: ``python3 -m deploy catalogue``."""

from deploy.catalogue.writing import main

if __name__ == "__main__":
    main()
