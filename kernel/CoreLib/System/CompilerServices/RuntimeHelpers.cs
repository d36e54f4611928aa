namespace System.Runtime.CompilerServices;

/// <summary>What the compiler asks of a runtime.</summary>
public static class RuntimeHelpers
{
    /// <summary>Views constant data of a field as a span. The JIT replaces the call.</summary>
    [Intrinsic]
    public static ReadOnlySpan<T> CreateSpan<T>(RuntimeFieldHandle field) => CreateSpan<T>(field);
}
