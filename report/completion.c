// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Completion for bash. Folders are completed by bash itself; what is no folder,
 * RUN/BASE and RUN/VARIANT, comes from the names of the folders in RUN.
 */
#include "report/command-line.h"

static void words_of_options(FILE *out, const struct command *c)
{
	for (const struct argp_option *o = c->options; o && o->name; o++)
		fprintf(out, " --%s%s", o->name, o->arg ? "=" : "");
	fputs(" --help --usage --version", out);
}

static void words_of_commands(FILE *out)
{
	for (const struct command *c = commands; c->name; c++)
		if (*c->name)
			fprintf(out, " %s", c->name);
}

void describe_completion(FILE *out)
{
	fputs("# bash completion for pfnreport\n"
	      "_pfnreport_parts() # RUN/: its kernels, bases and variants\n"
	      "{\n"
	      "\tlocal folder kernel\n\n"
	      "\tfor folder in \"$1\"*-*/; do\n"
	      "\t\tkernel=${folder%/} kernel=${kernel##*/}\n"
	      "\t\t[[ ! -d $folder ]] || printf '%s\\n' \"$1$kernel\" "
	      "\"$1${kernel%%-*}\" \"$1${kernel#*-}\"\n"
	      "\tdone | sort -u\n"
	      "}\n"
	      "_pfnreport()\n"
	      "{\n"
	      "\tlocal word=${COMP_WORDS[COMP_CWORD]} words=''\n\n"
	      "\tCOMP_WORDBREAKS=${COMP_WORDBREAKS//=}\n"
	      "\tcase $COMP_CWORD,$word,${COMP_WORDS[1]} in\n",
	      out);
	for (const struct command *c = commands; c->name; c++) {
		if (!*c->name || !c->options)
			continue;
		fprintf(out, "\t*,-*,%s) words=\"", c->name);
		words_of_options(out, c);
		fputs("\" ;;\n", out);
	}
	fputs("\t*,-*,*) words=\"", out);
	words_of_options(out, commands);
	fputs("\" ;;\n"
	      "\t1,*) words=\"",
	      out);
	words_of_commands(out);
	fputs("\" ;;\n"
	      "\tesac\n"
	      "\t[[ ! -f ${word%/*}/run.json ]] || words+=\" "
	      "$(_pfnreport_parts \"${word%/*}/\")\"\n"
	      "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
	      "\t[[ ${COMPREPLY[0]:-} != *= ]] || compopt -o nospace\n"
	      "}\n"
	      "complete -o default -F _pfnreport pfnreport\n",
	      out);
}
