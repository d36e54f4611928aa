namespace Atoll.Contracts.Library;

/// <summary>What a line of a contract list holds under: that nobody has replaced a part of the framework. One letter each.</summary>
[Flags]
internal enum Assumptions
{
    /// <summary>Nothing is assumed.</summary>
    None = 0,

    /// <summary><c>c</c>: no comparer of somebody's own for the type arguments.</summary>
    Comparer = 1,

    /// <summary><c>f</c>: no culture or format provider of somebody's own.</summary>
    Format = 2,

    /// <summary><c>m</c>: no memory manager of somebody's own.</summary>
    Memory = 4,

    /// <summary><c>s</c>: the format is none or a standard one, such as <c>D4</c>. A picture of a number may need an array.</summary>
    StandardFormat = 8,

    /// <summary><c>a</c>: both arrays have the same type. A copy from numbers to objects boxes each.</summary>
    SameArrays = 16,
}
