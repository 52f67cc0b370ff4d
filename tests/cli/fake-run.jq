# SPDX-License-Identifier: GPL-2.0-or-later
# The records of one boot, with magnitudes a real one has (instructions): 2,400
# a 4 KiB fault, 60 a page remapped in bulk, 100 a page zapped, 4 a page walked.
# Arguments: base, variant, boot, mode; spread: how far boots and figures are
# apart in time mode, as a share (0: not at all).

def unit: if $mode == "count" then "instructions" else "ns" end;
def bytes: {"4K": 4096, "64K": 65536, "2M": 2097152, "16M": 16777216,
	    "128M": 134217728, "1G": 1073741824};
def lengths: ["4K", "64K", "2M", "16M", "128M", "1G"];
# Largest leaf that address and pfn allow: its order, and bytes.
def leaf($align): if $align == "1G" then 1073741824
		  elif $align == "2M" then 2097152 else 4096 end;
# The A/A arm is huge-fault under a second name.
def name: $variant | sub("\\.again$"; "");
def huge: name | IN("base", "huge-fault", "eager-huge");
def eager: $variant | startswith("eager");
def bulk: $variant | IN("write-lock", "insert-vma");

def leaves($length; $align):
	if huge | not then [bytes[$length] / 4096, 0, 0]
	elif leaf($align) >= 1073741824 and $length == "1G" then [0, 0, 1]
	elif leaf($align) >= 2097152 and bytes[$length] >= 2097152
	then [0, bytes[$length] / 2097152, 0]
	else [bytes[$length] / 4096, 0, 0] end;
def populate($l):
	if eager or bulk then 1900 + 60 * $l[0] + 300 * $l[1] + 350 * $l[2]
	else 2400 * ($l | add) end;
def zap($l): 2900 + 100 * $l[0] + 120 * $l[1] + 150 * $l[2];
def faults($l): if eager then 0 elif bulk then 1 else $l | add end;
def walk($pages): 60 + 4 * $pages;
# A timer tick on some boots, so that not every cell is exact.
def tick($length):
	if $mode == "time" then $boot * 17
	elif $length == "1G" and $variant == "insert-pfn" then ($boot - 1) * 311
	else 0 end;

def phase($name; $tally): {name: $name, unit: unit, tally: $tally,
			   counters: {}};
def one($name; $value): phase($name; [[$value, 1]]);
def counted($name; $unit; $value):
	{name: $name, unit: $unit, tally: [[$value, 1]], counters: {}};
def cell($benchmark; $parameters; $phases; $pages):
	{type: "cell", benchmark: $benchmark, benchmark_version: 1,
	 parameters: $parameters, status: "ok", reason: "", phases: $phases,
	 checks: {pages: $pages, wrong: 0}, notes: {}};
def skipped($benchmark; $parameters; $reason):
	cell($benchmark; $parameters; []; 0)
	+ {status: "skipped", reason: $reason};
# Samples of a first touch: most cost a walk, those that fault a fault.
def touches($pages; $faults):
	if $faults >= $pages then [[2404, $pages]]
	elif $faults == 0 then [[31, $pages]]
	else [[31, $pages - $faults], [2431, $faults]] end;

def first_touch($length; $align):
	(bytes[$length] / 4096) as $pages | leaves($length; $align) as $l
	| faults($l) as $f | (if eager then populate($l) else 0 end) as $at_mmap
	| cell("first-touch";
	       {target: "1af4:1110", length: $length, align: $align,
		access: "read", order: "ascending"};
	       [phase("mmap"; [[2100 + $at_mmap, 1], [2150 + $at_mmap, 1]]),
		phase("first-touch"; touches($pages; $f)),
		one("first-touch-total";
		    walk($pages) + tick($length)
		    + if eager then 0 else populate($l) end),
		phase("second-touch"; [[31, $pages]]),
		one("second-touch-total"; walk($pages)),
		phase("munmap"; [[1500 + zap($l), 2]]),
		counted("faults"; "faults"; $f),
		counted("page-tables-before"; "bytes"; 40960),
		counted("page-tables-after"; "bytes";
			40960 + 4096 * (1 + ($l[0] / 512 | ceil)))];
	       2 * $pages);

def huge_pfnmap($length; $align):
	(bytes[$length] / 4096) as $pages | leaves($length; $align) as $l
	| cell("huge-pfnmap";
	       {target: "1af4:1110", length: $length, align: $align};
	       [counted("pte-leaves"; "leaves"; $l[0]),
		counted("pmd-leaves"; "leaves"; $l[1]),
		counted("pud-leaves"; "leaves"; $l[2]),
		counted("faults"; "faults"; faults($l)),
		counted("page-tables"; "bytes"; 4096 * ($l[0] / 512 | ceil)),
		phase("second-touch"; [[31, $pages]]),
		one("second-touch-total"; walk($pages) + 9 * $pages)];
	       $pages);

def reset_recovery($length; $align; $action; $vmas; $processes):
	(bytes[$length] / 4096) as $pages | leaves($length; $align) as $l
	| ($vmas * $processes) as $n
	| (if eager then 31 elif bulk then populate($l) + 500 else 2431 end)
	  as $first
	| (if eager or bulk then 0 else populate($l) - 2400 end) as $rest
	| cell("reset-recovery";
	       {target: "1af4:1110", length: $length, align: $align,
		action: $action, vmas: "\($vmas)", processes: "\($processes)"};
	       [phase("populate";
		      [[$vmas * (walk($pages) + populate($l)), $processes]])]
	       + (if $action == "toggle" then
			[one("disable"; $n * zap($l)),
			 one("enable"; 900
			     + if eager then $n * populate($l) else 0 end)]
		  else ($n * zap($l)
			+ if eager then $n * populate($l) else 0 end) as $work
		  # The clock runs on while the device resets.
		  | [one("reset"; 100012000 + $work),
		     one("reset-cpu"; 12000 + $work)]
		  end)
	       + [phase("first-access"; [[$first, $n]]),
		  phase("whole-bar";
			[[$vmas * (walk($pages) + $rest), $processes]]),
		  counted("sigbus"; "signals";
			  if $action == "toggle" then $n else 0 end),
		  counted("faults"; "faults"; $n * faults($l))];
	       $n * $pages);

# Numbers that look random and are the same every time: Park and Miller's
# generator, which no double rounds, and the sum of twelve of it.
def normal($seed):
	reduce range(12) as $i ({state: (16807 * $seed % 2147483647), sum: -6};
		.state = .state * 16807 % 2147483647
		| .sum += .state / 2147483647) | .sum;
def number: reduce explode[] as $c (7; (. * 31 + $c) % 1000003);
# A boot is as fast as it is, and a figure of it a little off that.
def noise($figure):
	"\($base) \($variant) \($boot)" as $this
	| 1 + $spread * (normal($this | number)
		+ 0.3 * normal("\($this) \($figure)" | number));
def noisy:
	if $spread == 0 or .type != "cell" then . else
		(.benchmark + (.parameters | tojson)) as $cell
		| .phases |= map(if .unit != "ns" or .name == "delay" then . else
			noise($cell + .name) as $by
			| .tally |= (map(.[0] |= (. * $by | floor))
				| group_by(.[0]) | map([.[0][0], (map(.[1]) | add)]))
			end)
	end;

def controls:
	cell("controls"; {target: "1af4:1110", length: "2M", delay: "100000"};
	     [phase("getppid"; [[2020, 999], [9870, 1]]),
	      phase("anonymous-touch"; [[9350, 512]]),
	      phase("delayed-getppid"; [[1002020, 64]]),
	      one("delay"; 1000000), one("delay-found"; 1003000)]; 0);

def cells:
	(if $spread == 0 then empty else controls end),
	(lengths[] as $length | first_touch($length; "1G")),
	(("2M", "4K") as $align | first_touch("1G"; $align)),
	(lengths[] as $length | ("1G", "2M", "4K") as $align
	 | huge_pfnmap($length; $align)),
	(lengths[] as $length | ("toggle", "reset") as $action
	 | reset_recovery($length; "1G"; $action; 1; 1)),
	reset_recovery("16M"; "1G"; "toggle"; 4; 1),
	reset_recovery("16M"; "1G"; "toggle"; 1; 4),
	skipped("reset-recovery";
		{target: "1b36:0010", length: "16K", align: "4K",
		 action: "toggle", vmas: "1", processes: "1"};
		"no BAR of 16K on 1b36:0010");

def environment:
	{type: "environment", format: 1,
	 program: {name: "pfnbench", version: "0.1.0"},
	 base: $base, variant: $variant, mode: $mode, unit: unit,
	 unit_check: {loop: 1000, short: 2000, long: 3000,
		      instructions: ($mode == "count")},
	 clock: {source: "tsc", empty_pair: 27},
	 kernel: {release: "6.12.48-\($variant)", version: "#1",
		  command_line: "console=ttyS0", config_sha256: ""},
	 machine: {cpus: 1, cpu: (if $mode == "count" then "QEMU TCG CPU version 2.5+"
		   else "A CPU" end), microcode: "0x1",
		   memory_bytes: 268435456, mitigations: {}, governor: "unknown",
		   turbo: "unknown", smt: "notimplemented", clocksource: "tsc",
		   thp: "always"},
	 devices: [{bdf: "0000:01:00.0", id: "1af4:1110", driver: "vfio-pci",
		    iommu_group: "1", numa_node: -1,
		    bars: [{index: 0, size: 4096, flags: "rw mmap"},
			   {index: 2, size: 1073741824, flags: "rw mmap"}],
		    reset_methods: "pm", link: "2.5 GT/s x1"}]};

[cells | noisy] as $cells
| environment, $cells[],
  {type: "end", cells: ($cells | length), kernel_log: [], seconds: 3.5}
