"""The kernel of a run: which interpreter it is, and how it is started and stopped."""

import asyncio
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.localinterfaces import localhost
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Type, default

from ci_eval.report.book import UNATTENDED
from ci_eval.report.notebook_cells import FILE_VARIABLE
from ci_eval.runs import warm_processes

LAUNCHER = "ipykernel_launcher"  # the module whose arguments a kernel's are
ANSWER_WAIT = 1.0  # seconds to wait for an answer before asking again
# Characters that a cell may print: no report shows them, and nbclient takes the square of a line's length to tidy it.
MOST_OUTPUT = 20_000
DEATH_WAIT = 5.0  # seconds a killed process may take to leave
SOCKET = "kernel"  # begins the names of its sockets, which end in numbers
LONGEST_SOCKET = zmq.IPC_PATH_MAX_LEN - len("-5")  # bytes a system allows
NO_HISTORY = "--HistoryManager.enabled=False"  # a database of the cells run, which goes with the run
# Python looks for objects that hold each other after every 700 new ones, a fifteenth of a report's time.
FEWER_LOOKS = "--IPKernelApp.exec_lines=__import__('gc').set_threshold(200_000)"


class NotStarted(RuntimeError):
    """The notebook's Python process did not become ready; its text says why and quotes nothing."""


class CappedOutputs(AsyncZMQSocketChannel):
    """The channel of outputs, which takes no more of what a cell prints than a run can hold."""

    _cell, _taken = "", 0

    async def get_msg(  # type: ignore[override]  # as its own class does
        self, timeout: float | None = None
    ) -> dict[str, Any]:
        """The next message; what a cell prints beyond `MOST_OUTPUT` characters is left out."""
        while True:
            message: dict[str, Any] = await super().get_msg(timeout)
            if message["msg_type"] != "stream":
                return message
            cell = message["parent_header"].get("msg_id", "")
            room = MOST_OUTPUT - (self._taken if cell == self._cell else 0)
            text = message["content"]["text"][:room]
            self._cell, self._taken = cell, MOST_OUTPUT - room + len(text)
            if text:
                message["content"]["text"] = text
                return message


class OwnClient(AsyncKernelClient):
    """jupyter_client's own client, ready as soon as the kernel is."""

    iopub_channel_class = Type(CappedOutputs)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers on both channels.

        jupyter_client then listens a fifth of a second more for silence. nbclient tells what belongs to a cell
        by its parent, so nothing need be silent first.

        Raises
        ------
        NotStarted
            If the kernel dies or does not answer in `timeout` seconds.
        """
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        while time.monotonic() < deadline:
            self.kernel_info()
            with suppress(Empty):
                answer = await self.get_shell_msg(timeout=ANSWER_WAIT)
                if answer["msg_type"] == "kernel_info_reply":
                    await self.get_iopub_msg(timeout=ANSWER_WAIT)
                    return
            if not await self.is_alive():
                raise NotStarted("It ended before it was ready; kernel.log has its last words.")
        raise NotStarted(f"It did not answer in {timeout:g} seconds; start_timeout under [run] allows more.")


class OwnKernel(AsyncKernelManager):
    """A kernel of the interpreter that runs now, whatever kernels the user has installed under that name.

    What the kernel's process itself writes (never a cell's output) goes to `log_file`: a crash leaves its
    last words there, and a kernel that is stopped leaves a traceback nobody should see on the terminal.
    `profile` is IPython's folder for the run, `notebook` the file that is run, `sockets` a folder of this kernel's
    alone where run and kernel talk. A port of the machine could be taken by another before the kernel has it.
    """

    log_file: Path = Path(os.devnull)
    profile: Path = Path(os.devnull)
    notebook: Path = Path(os.devnull)
    sockets: Path = Path(os.devnull)

    @default("client_factory")
    def _client_factory(self) -> type[AsyncKernelClient]:
        return OwnClient

    @default("connection_file")
    def _connection_file(self) -> str:
        # In the run's own folder it goes with the run, even with one that is killed.
        return str(self.profile.with_name(".kernel.json"))

    @default("transport")
    def _transport(self) -> str:
        fits = len(os.fsencode(self.sockets / SOCKET)) < LONGEST_SOCKET
        return "ipc" if zmq.has("ipc") and fits else "tcp"

    @default("ip")
    def _ip(self) -> str:
        return str(self.sockets / SOCKET) if self.transport == "ipc" else localhost()

    @default("transport_encryption")
    def _encrypted(self) -> str:
        # Otherwise ipykernel warns on every start that it talks over TCP in the clear.
        return "auto" if self.transport == "tcp" and zmq.has("curve") else "disabled"

    @property
    def kernel_spec(self) -> KernelSpec:
        return KernelSpec(
            # -P: a module beside the notebook must not take the place of a library's
            argv=[sys.executable, "-P", "-m", LAUNCHER, "-f", "{connection_file}", NO_HISTORY, FEWER_LOOKS],
            display_name="Python 3",
            language="python",
            # A user's own start-up files could change options, and so the output.
            env={
                "IPYTHONDIR": str(self.profile),
                "PYTHONSTARTUP": "",
                UNATTENDED: "1",
                FILE_VARIABLE: str(self.notebook),
                **warm_processes.FIXED,
            },
            metadata={"supported_encryption": ["curve"]},
        )

    async def _async_launch_kernel(self, kernel_cmd: list[str], **options: Any) -> None:
        """Launch it as a process of its own, or as a fork where the run is one."""
        forked = warm_processes.kernel()
        if forked is None or not isinstance(self.provisioner, LocalProvisioner):
            await super()._async_launch_kernel(kernel_cmd, **options)
        else:
            arguments = kernel_cmd[kernel_cmd.index(LAUNCHER) :]
            forked.send_for(arguments, env=options["env"], log=self.log_file)
            self.provisioner.process = forked  # type: ignore[assignment]

    async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
        with self.log_file.open("ab") as log:
            await super().start_kernel(**options, stdout=log, stderr=log)

    async def shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:  # type: ignore[override]
        """Stop the kernel; `now` kills it, which takes milliseconds where jupyter_client looks every 100."""
        provisioner = self.provisioner
        process = getattr(provisioner, "process", None)
        if now and provisioner is not None and process is not None:
            await provisioner.kill(restart)
            deadline = time.monotonic() + DEATH_WAIT
            while process.poll() is None and time.monotonic() < deadline:
                await asyncio.sleep(0.005)
        await super().shutdown_kernel(now=now, restart=restart)
