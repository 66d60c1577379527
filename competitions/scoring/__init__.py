"""Who judges what, mark sheets, deductions, times, absences."""
