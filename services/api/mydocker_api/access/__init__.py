"""The edge asks: may this request pass, and where to?"""
