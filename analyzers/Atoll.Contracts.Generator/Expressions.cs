using System.Reflection;

namespace Atoll.Contracts.Generator;

/// <summary>C# text of a type, and of a value that a member can be tried with.</summary>
internal static class Expressions
{
    private static readonly Dictionary<Type, string> s_values = new()
    {
        [typeof(bool)] = "true",
        [typeof(char)] = "Probe.Letter",
        [typeof(byte)] = "(byte)1",
        [typeof(sbyte)] = "(sbyte)1",
        [typeof(short)] = "(short)1",
        [typeof(ushort)] = "(ushort)1",
        [typeof(int)] = "Probe.Number",
        [typeof(uint)] = "1u",
        [typeof(long)] = "1L",
        [typeof(ulong)] = "1UL",
        [typeof(nint)] = "(nint)1",
        [typeof(nuint)] = "(nuint)1",
        [typeof(float)] = "1.5f",
        [typeof(double)] = "1.5",
        [typeof(decimal)] = "1.5m",
        [typeof(string)] = "Probe.Text",
        [typeof(object)] = "Probe.Text",
        [typeof(IFormatProvider)] = "global::System.Globalization.CultureInfo.InvariantCulture",
        [typeof(System.Globalization.CultureInfo)] = "global::System.Globalization.CultureInfo.InvariantCulture",
        [typeof(Type)] = "typeof(int)",
        [typeof(System.Text.Encoding)] = "global::System.Text.Encoding.UTF8",
        [typeof(Array)] = "new int[32]",
        [typeof(System.Collections.BitArray)] = "new global::System.Collections.BitArray(32)",
        [typeof(Version)] = "new global::System.Version(1, 2, 3, 4)",
        [typeof(System.Net.IPAddress)] = "global::System.Net.IPAddress.Loopback",
        [typeof(StringComparer)] = "global::System.StringComparer.Ordinal",
        [typeof(DateTime)] = "global::System.DateTime.UnixEpoch",
        [typeof(DateTimeOffset)] = "global::System.DateTimeOffset.UnixEpoch",
        [typeof(Enum)] = "(global::System.Enum)(object)global::System.DayOfWeek.Friday",
        [typeof(Task)] = "global::System.Threading.Tasks.Task.CompletedTask",
        [typeof(System.Buffers.SearchValues<char>)] = "global::System.Buffers.SearchValues.Create(\"abc\")",
        [typeof(System.Buffers.SearchValues<byte>)] = "global::System.Buffers.SearchValues.Create(\"abc\"u8)",
        [typeof(Random)] = "new global::System.Random(1)",
    };

    // As many as a Guid or an address of IPv6 is made of: they take no others.
    private const int BytesOfAddress = 16;

    /// <summary>A value, or null when none is known.</summary>
    public static string? Value(Type type)
    {
        if (s_values.TryGetValue(type, out string? value))
        {
            return value;
        }

        if (type.IsSZArray)
        {
            return $"new {Name(type.GetElementType()!)}[{(type == typeof(byte[]) ? BytesOfAddress : 32)}]".Replace("[][32]", "[32][]", StringComparison.Ordinal);
        }

        if (type.IsPointer || type.IsByRef)
        {
            return null;
        }

        if (typeof(MulticastDelegate).IsAssignableFrom(type) && !type.ContainsGenericParameters)
        {
            return Function(type.GetMethod("Invoke"));
        }

        if (type.IsGenericType)
        {
            string name = type.GetGenericTypeDefinition().Name;
            string argument = Name(type.GetGenericArguments()[0]);
            string? element = Value(type.GetGenericArguments()[0]);
            switch (name)
            {
                case "Span`1" or "Memory`1" or "ReadOnlySpan`1" or "ReadOnlyMemory`1" or "ArraySegment`1":
                    return type.GetGenericArguments()[0] == typeof(char) && name.StartsWith("ReadOnlySpan", StringComparison.Ordinal) ? "global::System.MemoryExtensions.AsSpan(Probe.Text)"
                        : $"new {Name(type)}({Filled(type.GetGenericArguments()[0])})";
                case "List`1" or "HashSet`1" or "SortedSet`1" or "LinkedList`1":
                    return $"new {Name(type)}({Filled(type.GetGenericArguments()[0])})";
                case "Queue`1" or "Stack`1" or "ConcurrentQueue`1" or "ConcurrentStack`1":
                    return $"new {Name(type)}({Filled(type.GetGenericArguments()[0])})";
                case "Task`1" when element is not null:
                    return $"global::System.Threading.Tasks.Task.FromResult<{argument}>({element})";
                case "SpanSplitEnumerator`1" when element is not null:
                    return $"global::System.MemoryExtensions.Split<{argument}>(new global::System.ReadOnlySpan<{argument}>({Filled(type.GetGenericArguments()[0])}), {element})";
                case "ImmutableArray`1":
                    return $"global::System.Collections.Immutable.ImmutableArray.Create({Filled(type.GetGenericArguments()[0])})";
                case "Dictionary`2" or "SortedDictionary`2" or "SortedList`2" or "ConcurrentDictionary`2" when element is not null && Value(type.GetGenericArguments()[1]) is { } second:
                    return $"new {Name(type)} {{ [{element}] = {second} }}";
                case "PriorityQueue`2" when element is not null:
                    return $"Probe.Queue<{argument}, {Name(type.GetGenericArguments()[1])}>({element}, {Value(type.GetGenericArguments()[1])})";
                case "IEnumerable`1" or "IList`1" or "IReadOnlyList`1" or "ICollection`1":
                    return Filled(type.GetGenericArguments()[0]);
            }
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return $"new {Name(type)}({Value(inner)})";
        }

        if (type.DeclaringType is not null && OfOuter(type) is { } part)
        {
            return part;
        }

        return type.IsValueType ? type.IsByRefLike && type.IsGenericType is false ? null : $"default({Name(type)})"
            : type.IsClass && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null ? $"new {Name(type)}()" : null;
    }

    /// <summary>A type as C# writes it.</summary>
    public static string Name(Type type)
    {
        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (type.IsPointer)
        {
            return Name(type.GetElementType()!) + "*";
        }

        if (type == typeof(void))
        {
            return "void";
        }

        Type[] arguments = type.GetGenericArguments();
        List<string> parts = [];
        int used = 0;
        foreach (Type scope in Path(type))
        {
            int arity = scope.GetGenericArguments().Length;
            string name = scope.Name.Split('`')[0];
            parts.Add(arity > used ? $"{name}<{string.Join(", ", arguments[used..arity].Select(Name))}>" : name);
            used = arity;
        }

        return $"global::{type.Namespace}.{string.Join('.', parts)}";
    }

    // One that captures nothing and always gives the same.
    private static string? Function(MethodInfo? invoke)
    {
        if (invoke is null || invoke.GetParameters().Any(parameter => parameter.ParameterType.IsByRef))
        {
            return null;
        }

        string parameters = string.Join(", ", invoke.GetParameters().Select((parameter, index) => $"{Name(parameter.ParameterType)} f{index}"));
        return invoke.ReturnType == typeof(void) ? $"static ({parameters}) => {{ }}"
            : Value(invoke.ReturnType) is { } value ? $"static ({parameters}) => {value}" : null;
    }

    // What a collection gives out: an enumerator, its keys.
    private static string? OfOuter(Type type)
    {
        if (type.DeclaringType is not { } outer || outer.GetGenericArguments().Length != type.GetGenericArguments().Length)
        {
            return null;
        }

        Type closed = outer.IsGenericTypeDefinition ? outer.MakeGenericType(type.GetGenericArguments()) : outer;
        return closed.GetMethods(BindingFlags.Public | BindingFlags.Instance)
                .FirstOrDefault(one => one.ReturnType == type && one.GetParameters().Length == 0 && !one.IsGenericMethod) is { } source
            && Value(closed) is { } value
            ? source.IsSpecialName ? $"({value}).{source.Name[4..]}" : $"({value}).{source.Name}()" : null;
    }

    private static string Filled(Type element) =>
        Value(element) is { } value ? $"new {Name(element)}[] {{ {string.Join(", ", Enumerable.Repeat(value, element == typeof(byte) ? BytesOfAddress : 24))} }}" : $"new {Name(element)}[24]";

    private static IEnumerable<Type> Path(Type type) => type.DeclaringType is { } outer ? Path(outer).Append(type) : [type];
}
