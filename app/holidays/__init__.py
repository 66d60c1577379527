"""放假安排: which days are worked, as notices count them."""
