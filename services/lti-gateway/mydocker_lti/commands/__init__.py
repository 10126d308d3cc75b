"""The operator's command line, `mydocker admin|keys|platforms`."""
