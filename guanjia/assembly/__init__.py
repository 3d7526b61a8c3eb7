"""业主大会: called, voted on the phone or on paper, counted by area and by heads, minuted (Civil Code, art. 278)."""
