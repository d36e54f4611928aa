namespace Atoll.Analyzers.Contracts;

/// <summary>What a method promises beyond the profile.</summary>
[Flags]
internal enum Promises
{
    None = 0,
    InterruptSafe = 1,
    NoPanic = 2,
    NoSimd = 4,
    NoBlock = 8,
}
