"""The hall: tablets on a network without the internet, and the https that they need there too."""
