"""`cnaps.check` where answers are tested: one module for each program, by its name.

None of them is needed to import cnaps, and none of these modules imports another one.

- `cnaps.integrations.pytest`: an assertion;
- `cnaps.integrations.inspect_ai`: a scorer;
- `cnaps.integrations.promptfoo`: an assertion in Python.
"""
