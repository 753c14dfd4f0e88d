"""One target's mutants through its tests."""

from pathlib import Path

import pytest

from mutation.mutants import Key, Mutant, mutants
from mutation.results import Result, Results
from mutation.targets import TARGETS
from mutation.warm import OPTIONS, SURVIVED, Verdict, Warm


def run(root: Path, name: str, results: Results, module: str | None, *, again: bool) -> int:
    """Tests a target's mutants and keeps what became of them; 0 when the tests ran."""
    target = TARGETS[name]
    before = {r.key: r for r in results.of(name)}
    paths = sorted({p for pattern in target.modules for p in root.glob(pattern)})
    modules = [p.relative_to(root).as_posix() for p in paths if p.match(module or "*")]
    work = [m for path in modules for m in mutants(root, path, texts=target.texts)]
    if again:
        killed = {key for key, r in before.items() if r.outcome != SURVIVED}
        work = [m for m in work if m.key not in killed]
    found: dict[Key, Result] = {}
    if again:
        found |= before
    elif module:
        found |= {key: r for key, r in before.items() if r.module not in modules}
    done = 0

    def log(mutant: Mutant, verdict: Verdict) -> None:
        nonlocal done
        done += 1
        result = Result.of(mutant, verdict)
        found[result.key] = result
        if verdict.outcome == SURVIVED:
            print(f"{mutant.module}:{mutant.line}: {mutant.operator}", flush=True)
            print(f"  - {mutant.before}\n  + {mutant.after}", flush=True)
        if done % 20 == 0 or done == len(work):
            print(f"{name}: {done} of {len(work)}", flush=True)
            results.keep(name, list(found.values()))

    print(f"{name}: {len(work)} mutants", flush=True)
    tests = sorted({str(p) for pattern in target.tests for p in root.glob(pattern)})
    warm = Warm(root, work, log)
    pytest.main([*OPTIONS, *tests], plugins=[warm])
    for test in warm.said:
        print(f"fails without any mistake: {test}")
    return 1 if warm.said else 0
