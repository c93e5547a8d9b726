"""What a course holds beside its sections: dates, what completes it, badges, competencies, blocks, a content bank."""
