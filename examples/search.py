"""Search for a small network with Optuna; what cannot work or costs too much is never trained.

    pip install '.[examples]'
    python examples/search.py http://localhost:8000
    python examples/search.py --local --candidates 200

`training.py` stands in for your own training; the rest is how a search asks.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from typing import Any, NoReturn

import optuna
from training import Digits

from shapewright.client import Client, InvalidNetwork, Report, local

MOST = {"params": 10_000, "macs": 40_000}
"""What the device has room and time for."""


def candidate(trial: optuna.Trial) -> dict[str, Any]:
    """A stack of up to three convolutions; whether it can work is somebody else's question."""
    layers: list[dict[str, Any]] = []
    for block in range(trial.suggest_int("blocks", 0, 3)):
        layers.append(
            {
                "type": "Conv2D",
                "filters": trial.suggest_categorical(f"filters_{block}", (4, 8, 16, 32)),
                "kernel_size": trial.suggest_int(f"kernel_size_{block}", 2, 5),
                "strides": trial.suggest_int(f"strides_{block}", 1, 2),
                "dilation_rate": trial.suggest_int(f"dilation_rate_{block}", 1, 2),
                "padding": trial.suggest_categorical(f"padding_{block}", ("valid", "same")),
                "activation": "relu",
            }
        )
        if trial.suggest_categorical(f"pool_{block}", (False, True)):
            layers.append({"type": "MaxPooling2D"})
    layers += [{"type": "Flatten"}, {"type": "Dense", "units": 10}]
    return {"input_shape": [None, 8, 8, 1], "layers": layers}


def affordable(trial: optuna.Trial, network: dict[str, Any], client: Client) -> Report:
    """What the service says of a network, if it can work and there is room and time for it."""
    try:
        report = client.infer(network)
    except InvalidNetwork as problem:
        refuse(trial, problem.code, problem.detail)
    for what, most in MOST.items():
        needed = getattr(report.totals, what)
        if needed > most:
            refuse(trial, f"too many {what}", f"{needed:,}, at most {most:,}")
    return report


def refuse(trial: optuna.Trial, reason: str, detail: str) -> NoReturn:
    """Tell Optuna that there is nothing to be had here, and remember why."""
    trial.set_user_attr("reason", reason)
    trial.set_user_attr("detail", detail)
    raise optuna.TrialPruned(detail)


def search(client: Client, candidates: int) -> optuna.Study:
    """Look for networks that are accurate and cheap."""
    digits = Digits.load()
    tried: dict[str, int] = {}

    def objective(trial: optuna.Trial) -> tuple[float, Any]:
        network = candidate(trial)
        first = tried.setdefault(json.dumps(network), trial.number)
        if first != trial.number:
            refuse(trial, "tried before", f"candidate {first}")
        report = affordable(trial, network, client)
        score = digits.train(report)
        trial.set_user_attr("test", score.test)
        trial.set_user_attr("network", in_words(report))
        return score.validation, report.totals.macs

    sampler = optuna.samplers.NSGAIISampler(population_size=20, seed=0)
    study = optuna.create_study(directions=("maximize", "minimize"), sampler=sampler)
    study.optimize(objective, candidates)
    return study


def in_words(report: Report) -> str:
    """The layers with windows and what they make, such as `Conv2D 3x3 to 8x8x16`."""
    told = [
        f"{layer.type} {times(layer.window.kernel_size)} to {times(layer.output_shapes[0][1:])}"
        for layer in report.layers
        if layer.window
    ]
    return ", ".join(told) or "no convolution"


def times(sizes: tuple[Any, ...]) -> str:
    """Sizes as `3x3`."""
    return "x".join(map(str, sizes))


def show(study: optuna.Study) -> None:
    """What was refused and why, and the networks that no other beats."""
    refused = [trial.user_attrs for trial in study.trials if "reason" in trial.user_attrs]
    print(f"{len(study.trials)} candidates, {len(refused)} of them never trained:")
    for reason, number in Counter(told["reason"] for told in refused).most_common():
        example = next(told["detail"] for told in refused if told["reason"] == reason)
        print(f"{number:5}  {reason}, such as: {example}")
    first = next(trial for trial in study.trials if trial.values)
    print(f"\nThe first that was trained is {first.values[0]:.1%} accurate.")
    print("No other is both cheaper and more accurate than one of these:")
    print(" accuracy    test    macs  network")
    for trial in sorted(study.best_trials, key=lambda trial: trial.values[1]):
        (accuracy, macs), told = trial.values, trial.user_attrs
        print(f"{accuracy:9.1%}{told['test']:8.1%}{macs:8,.0f}  {told['network']}")


def main(arguments: list[str] | None = None) -> None:
    """Search, and show what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", nargs="?", default="http://localhost:8000")
    parser.add_argument("--local", action="store_true", help="without a server")
    parser.add_argument("--candidates", type=int, default=150)
    options = parser.parse_args(arguments)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with local() if options.local else Client(options.url) as client:
        show(search(client, options.candidates))


if __name__ == "__main__":
    main()
