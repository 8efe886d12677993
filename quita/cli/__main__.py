from quita.cli import main

# Workers of the web server are spawned: they import this module again under another name.
if __name__ == "__main__":
    main()
