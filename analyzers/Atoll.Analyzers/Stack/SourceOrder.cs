using Microsoft.CodeAnalysis;

namespace Atoll.Analyzers.Stack;

/// <summary>Orders locations by file path, then position, so that diagnostics do not depend on thread timing.</summary>
internal sealed class SourceOrder : IComparer<Location>
{
    public static readonly SourceOrder Instance = new();

    public static int Compare(Location left, Location right)
    {
        int byPath = string.CompareOrdinal(left.SourceTree?.FilePath, right.SourceTree?.FilePath);
        return byPath != 0 ? byPath : left.SourceSpan.CompareTo(right.SourceSpan);
    }

    int IComparer<Location>.Compare(Location left, Location right) => Compare(left, right);
}
