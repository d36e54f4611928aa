using System.Collections.Immutable;
using Atoll.Analyzers.Tests.Harness;

namespace Atoll.Analyzers.Tests.Seeds;

/// <summary>Who rejects a seed when there are no analyzers.</summary>
public enum ToolChain
{
    /// <summary>The compiler: a type or member that kernel/CoreLib does not have.</summary>
    Csc,

    /// <summary>The native compiler, with a stack trace in place of a line.</summary>
    Ilc,

    /// <summary>The linker: a symbol that nothing defines, or the proof of the written image.</summary>
    Linker,

    /// <summary>Nobody: it becomes part of the image.</summary>
    Nobody,
}

/// <summary>A trigger of one rule, in a file of its own among the sources of kernel/Boot, called by the boot processor.</summary>
/// <param name="Id">The rule. Markers in the text say where it must report; what other rules say besides is theirs.</param>
/// <param name="Alone">Who rejects it without the rule.</param>
public sealed record Seed(string Id, ToolChain Alone)
{
    /// <summary>Members for the class, with markers.</summary>
    public string Members { get; init; } = "";

    /// <summary>Statements for the method that is called, with markers. Their values are known at run time only.</summary>
    public string Statements { get; init; } = "";

    /// <summary>More files, by path from the top of the repository.</summary>
    public ImmutableArray<(string Path, string Text)> Files { get; init; } = [];

    /// <summary>Text to replace in other files, once in each: a reference in a project, say.</summary>
    public ImmutableArray<(string Path, string Find, string Replace)> Edits { get; init; } = [];

    /// <summary>The file that the seed becomes, from the top of the repository.</summary>
    public string Path => $"kernel/Boot/Seeded/{Id}.cs";

    /// <summary>The call of it.</summary>
    public string Call => $"Seeded{Id}.Run(startInfo, entryTsc);";

    /// <summary>The method's symbol in the image.</summary>
    public string Symbol => $"Seeded{Id}.Run";

    /// <summary>The file, without the markers.</summary>
    public string Text => Source.Text;

    /// <summary>Where the rule must report, as csc writes it: <c>(line,column): error ATLnnnn</c>.</summary>
    public IEnumerable<string> Reports =>
        Source.Expected.Where(expected => expected.Id == Id).Select(expected =>
        {
            string before = Text[..expected.Span.Start];
            int line = before.Count(character => character == '\n') + 1;
            return $"{Id}.cs({line},{before.Length - before.LastIndexOf('\n')}): error {Id}:";
        });

    // Not inlined, so that the image's map shows whether it is there.
    private MarkedSource Source => MarkedSource.Parse(
        $$"""
        using System;
        using System.Runtime.CompilerServices;
        using Atoll.Abi;
        using Atoll.Arch;
        using Atoll.Base;
        using Atoll.Console;
        using Atoll.Instance;
        using Atoll.Mm;

        namespace Atoll.Boot;

        internal static unsafe class Seeded{{Id}}
        {
            [MethodImpl(MethodImplOptions.NoInlining)]
            public static void Run(ulong startInfo, ulong entryTsc)
            {
        {{Statements}}
            }

        {{Members}}
        }

        """);
}
