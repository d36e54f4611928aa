using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Atoll.Contracts;

/// <summary>Says whether a compilation has opted in at all: one look at its text, so that a project without contracts pays nothing.</summary>
internal static class OptInScan
{
    private static readonly string[] s_words = ["NoGC", "NoLock", "NoThrow", "NoRecursion", "NoBlock"];

    // A tree is the same object from one keystroke to the next, unless it is the one that was typed in.
    private static readonly ConditionalWeakTable<SyntaxTree, object> s_seen = new();

    /// <summary>Whether any file names a contract, or a referenced assembly that is not the framework's has contracts to inherit.</summary>
    public static bool HasOptedIn(Compilation compilation, CancellationToken cancellation)
    {
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            if (NamesContract(tree, cancellation))
            {
                return true;
            }
        }

        foreach (IAssemblySymbol assembly in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (!assembly.Name.StartsWith("System", StringComparison.Ordinal) && HasAttributes(assembly))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasAttributes(IAssemblySymbol assembly)
    {
        foreach ((_, _, string attribute) in GuaranteeNames.Each)
        {
            if (assembly.GetTypeByMetadataName(attribute) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a file names a contract.</summary>
    public static bool NamesContract(SyntaxTree tree, CancellationToken cancellation) =>
        (bool)s_seen.GetValue(tree, key => Search(key, cancellation));

    private static object Search(SyntaxTree tree, CancellationToken cancellation)
    {
        if (tree.FilePath.EndsWith(AttributeGenerator.FileName, StringComparison.Ordinal))
        {
            return false;
        }

        string text = tree.GetText(cancellation).ToString();
        foreach (string word in s_words)
        {
            if (text.Contains(word))
            {
                return true;
            }
        }

        return false;
    }
}
