"""The live room of a Course: its editors, and operators, over what others run."""
