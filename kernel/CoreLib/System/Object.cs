namespace System;

/// <summary>Root of the type system. Has the one field that ILC lays out: the pointer to the type's description.</summary>
public class Object
{
    [Atoll.Trusted(Safety = "Never read or written by C#: ILC needs the field for the object layout.")]
    private unsafe void* _methodTable;
}

public abstract class ValueType;

public abstract class Enum : ValueType;

public struct Void;

public abstract class Array;

public abstract class Delegate;

public abstract class MulticastDelegate : Delegate;

/// <summary>Text for attributes only. Kernel text is UTF-8 in <see cref="ReadOnlySpan{T}"/>.</summary>
public sealed class String
{
    public readonly int Length;
}
