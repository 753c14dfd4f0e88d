"""What a run says and writes: lines for people, JSON for programs, files, an exit code."""
