"""What is on this computer to be merged: looked for, shown, and put into the form."""
