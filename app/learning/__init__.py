"""The program behind `kanal model`: it carries the classifier, which no other command does."""
