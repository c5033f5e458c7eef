"""
Runs the program of this folder as Pulumi's Python language host would: `drive.py STACK COMMAND ARGUMENTS`
is a command of Pulumi's Automation API, up or preview, with arguments of it in JSON.
"""

import json
import runpy
import sys

from pulumi import automation

stack_name, command, arguments = sys.argv[1:]
stack = automation.select_stack(
    stack_name,
    project_name=automation.LocalWorkspace(work_dir=".").project_settings().name,
    program=lambda: runpy.run_path("__main__.py", run_name="__main__"),
    opts=automation.LocalWorkspaceOptions(work_dir="."),
)


def show(line: str) -> None:
    print(line, flush=True)


try:
    getattr(stack, command)(on_output=show, on_error=show, **json.loads(arguments))
except automation.CommandError:
    # The CLI has said why.
    sys.exit(1)
