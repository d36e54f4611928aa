namespace Atoll.Boot;

/// <summary>Which way system calls take, as a type argument of the entry points. A program cannot tell the ways apart but by their cost.</summary>
public interface ICallWay
{
    /// <summary>Whether calls that can be done quickly are tried so first.</summary>
    static abstract bool IsQuickTried { get; }
}

/// <summary>What can be done quickly is; the rest takes the long way.</summary>
public readonly struct QuickFirst : ICallWay
{
    /// <inheritdoc/>
    public static bool IsQuickTried => true;
}
