// SPDX-License-Identifier: GPL-2.0-or-later
/* Completion for bash: commands, options, benchmarks, parameters, choices. */
#include <string.h>

#include "describe.h"

static void words_of_commands(FILE *out)
{
	for (const struct command *c = commands; c->name; c++)
		if (c == commands || strcmp(c->name, c[-1].name))
			fprintf(out, " %s", c->name);
}

static void words_of_options(FILE *out, const struct argp_option *options)
{
	for (const struct argp_option *o = options; o->name; o++)
		fprintf(out, " --%s%s", o->name, o->arg ? "=" : "");
	fputs(" --help --usage --version", out);
}

static void words_of_benchmark(FILE *out, const struct benchmark *b)
{
	for (const struct parameter *p = b->parameters; p->name; p++) {
		if (p->kind != PARAMETER_CHOICE) {
			fprintf(out, " %s=", p->name);
			continue;
		}
		for (size_t i = 0; p->choices[i]; i++)
			fprintf(out, " %s=%s", p->name, p->choices[i]);
	}
}

void describe_completion(FILE *out, const struct argp_option *options)
{
	fputs("# bash completion for pfnbench\n"
	      "_pfnbench()\n"
	      "{\n"
	      "\tlocal word=${COMP_WORDS[COMP_CWORD]} words='' i\n\n"
	      "\tCOMP_WORDBREAKS=${COMP_WORDBREAKS//=}\n"
	      "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	      "\t\tcase ${COMP_WORDS[i]} in\n",
	      out);
	for (size_t i = 0; benchmarks[i]; i++) {
		fprintf(out, "\t\t%s) words=\"", benchmarks[i]->name);
		words_of_benchmark(out, benchmarks[i]);
		fputs("\" ;;\n", out);
	}
	fputs("\t\trun) words=\"", out);
	for (size_t i = 0; benchmarks[i]; i++)
		fprintf(out, " %s", benchmarks[i]->name);
	fputs("\" ;;\n"
	      "\t\tesac\n"
	      "\tdone\n"
	      "\t[[ -n $words ]] || words=\"",
	      out);
	words_of_commands(out);
	fputs("\"\n\t[[ $word != -* ]] || words=\"", out);
	words_of_options(out, options);
	fputs("\"\n"
	      "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
	      "\t[[ ${COMPREPLY[0]:-} != *= ]] || compopt -o nospace\n"
	      "}\n"
	      "complete -o default -F _pfnbench pfnbench\n",
	      out);
}
