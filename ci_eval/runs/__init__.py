"""Runs: what the commands of ``ci-eval`` do, in the order in which a run passes through these modules.

A run of a notebook for a period (``ci-eval run``):

=================  ==================================================================================
`notebook_run`     `run`: one run from plan to rename; calls all that follows
`planning`         `plan`: the period, the notebook, its checked parameters and its folders
`parameters`       what a notebook's tagged cell declares, and values checked against that
`output_folder`    the folders of a run, its lock, and the swap that publishes it
`snapshot`         `copy_inputs`: the settings and inputs as they are hashed and read
`provenance`       `Basis`: everything an output depends on, and the checksum of it
`outputs`          `up_to_date`, and `status`: the state of every output (``ci-eval status``)
`execution`        papermill executes the notebook, followed cell by cell
`kernel`           the kernel it runs in
`normalising`      the executed notebook without times, paths and addresses of this machine
`failures`         `RunFailed`, and words for how an execution ended
`manifest`         what an output was made from, with the checksum of every file; written last
=================  ==================================================================================

Several runs at a time (``--workers``) or on a cluster (``--scheduler``): `many_runs`, in forks of a warm parent
(`warm_processes`, which have drawn a `first_chart`). The options of every command: `command_line`.

Around one run: `due_runs` (``run --due``), `schedules` (``ci-eval schedule``), `verifying` (``ci-eval verify``),
`comparing` (``ci-eval diff``).

From draft to publication (``ci-eval release``): `releasing`, after the `release_checks`, one of them a `disclosure_attack`.

A workspace of one's own: `workspace` (``ci-eval init``, ``ci-eval new-period``).

The other commands: `input_checks.check` and, for the facts, `programme_checks` (``ci-eval check``, in `check_rows`),
`export_reading.read` (``ci-eval read``), `coding_commands.export` and `take_in` (``ci-eval coding``, on a
`coding_workbook`), `plan_commands.check_plan` and `freeze_plan` (``ci-eval plan``), `draft_claims.check_draft`
(``ci-eval claims``, of `draft_quantities` and `draft_results`), `rehearsal` (``ci-eval rehearse``),
`stored_outputs` (``make notebooks``).

Nothing is imported here, because ``ci-eval --help`` must not wait for pandas: import from the modules.
"""
