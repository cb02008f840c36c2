"""Sample records, and a small trust network with good and bad certificates, all made anew when asked for."""
