namespace System;

/// <summary>Names a field to <see cref="Runtime.CompilerServices.RuntimeHelpers.CreateSpan{T}"/>.</summary>
public struct RuntimeFieldHandle
{
    private nint _value;
}
