"""What is typed into the programme: each form checks what one person can mend, the services refuse the rest."""
