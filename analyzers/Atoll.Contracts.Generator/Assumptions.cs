using System.Reflection;

namespace Atoll.Contracts.Generator;

/// <summary>What a member is clean under: that nobody has replaced a part of the framework which it calls through a virtual method.</summary>
/// <remarks>A letter each, after <c>if</c> in the list. The rules look for types that break the assumption.</remarks>
[Flags]
internal enum Assumptions
{
    /// <summary>Nothing is assumed.</summary>
    None = 0,

    /// <summary>No comparer of somebody's own: <c>c</c>.</summary>
    Comparer = 1,

    /// <summary>No culture or format provider of somebody's own: <c>f</c>.</summary>
    Format = 2,

    /// <summary>No memory manager of somebody's own: <c>m</c>.</summary>
    Memory = 4,

    /// <summary>The format is none or a standard one, such as <c>D4</c>: <c>s</c>. A picture of a number may need an array.</summary>
    StandardFormat = 8,

    /// <summary>Both arrays have the same type: <c>a</c>. A copy from numbers to objects boxes each.</summary>
    SameArrays = 16,
}

/// <summary>Where they are made.</summary>
internal static class AssumedMembers
{
    private const string Globalization = "System.Globalization.";

    // The parts of a culture are made when first asked for and kept; a warm run confirms it.
    private static readonly HashSet<string> s_format =
    [
        Globalization + "CultureInfo.get_CurrentCulture", Globalization + "CultureInfo.get_CurrentUICulture",
        Globalization + "CultureInfo.get_TextInfo", Globalization + "CultureInfo.get_CompareInfo",
        Globalization + "CultureInfo.get_NumberFormat", Globalization + "CultureInfo.get_DateTimeFormat",
        Globalization + "TextInfo.NeedsTurkishCasing", "System.Text.Rune.ChangeCaseCultureAware", Globalization + "TextInfo.PopulateIsAsciiCasingSameAsInvariant",
        "System.Number.HasCustomFormatter", "System.Text.StringBuilder.HasCustomFormatter",
        "System.Runtime.CompilerServices.DefaultInterpolatedStringHandler.HasCustomFormatter", "System.IFormatProvider.GetFormat",
    ];

    private static readonly HashSet<string> s_memory =
    [
        "System.Buffers.MemoryManager`1.GetSpan", "System.Buffers.MemoryManager`1.get_Memory", "System.Buffers.MemoryManager`1.Pin",
    ];

    // Their properties and what reads them in either character size.
    private static readonly HashSet<string> s_cultureParts =
    [
        Globalization + "NumberFormatInfo", Globalization + "DateTimeFormatInfo", Globalization + "CultureData",
    ];

    private static readonly HashSet<string> s_sorters =
    [
        "System.Collections.Generic.IArraySortHelper`1", "System.Collections.Generic.ArraySortHelper`1", "System.Collections.Generic.GenericArraySortHelper`1",
    ];

    /// <summary>What a call of this method assumes; none when its body has to be read.</summary>
    public static Assumptions Of(MethodBase method)
    {
        Type? type = method.DeclaringType;
        string typeName = (type is { IsGenericType: true } ? type.GetGenericTypeDefinition() : type)?.FullName ?? "";
        string name = $"{typeName}.{method.Name}";
        return s_format.Contains(name) || s_cultureParts.Contains(typeName) && IsPart(method.Name) ? Assumptions.Format
            : s_memory.Contains(name) ? Assumptions.Memory
            : name == "System.Number.NumberToStringFormat" ? Assumptions.StandardFormat
            : name == "System.Array.CopySlow" ? Assumptions.SameArrays
            : s_sorters.Contains(typeName) && !method.IsConstructor && type!.GetGenericArguments().All(Targets.IsTame) ? Assumptions.Comparer
            : Assumptions.None;
    }

    private static bool IsPart(string method) =>
        method == "GetInstance" || method.StartsWith("get_", StringComparison.Ordinal) || method.EndsWith("TChar", StringComparison.Ordinal);

    /// <summary>What is left of the assumptions for a caller of this member: what its caller can see, or nobody can.</summary>
    public static Assumptions ForCallers(Assumptions assumed, MethodBase member, bool hasTame)
    {
        // Inside the framework, formats and arrays are its own.
        assumed = member.DeclaringType == typeof(Array) ? assumed : assumed & ~Assumptions.SameArrays;
        assumed = member.GetParameters().Any(one => one.Name == "format") ? assumed : assumed & ~Assumptions.StandardFormat;
        return hasTame ? assumed : assumed & ~Assumptions.Comparer;
    }

    /// <summary>The letters of a list's line.</summary>
    public static IEnumerable<string> Letters(Assumptions assumed)
    {
        (Assumptions One, string Letter)[] letters =
        [
            (Assumptions.Comparer, "c"), (Assumptions.Format, "f"), (Assumptions.Memory, "m"), (Assumptions.StandardFormat, "s"), (Assumptions.SameArrays, "a"),
        ];
        return letters.Where(pair => (assumed & pair.One) != 0).Select(pair => pair.Letter);
    }
}
