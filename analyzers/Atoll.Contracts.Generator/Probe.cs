using System.Reflection;

namespace Atoll.Contracts.Generator;

/// <summary>C# that calls one member and counts what it allocates.</summary>
internal static class Probe
{
    private static readonly Dictionary<string, string> s_operators = new()
    {
        ["op_Addition"] = "+", ["op_Subtraction"] = "-", ["op_Multiply"] = "*", ["op_Division"] = "/", ["op_Modulus"] = "%",
        ["op_BitwiseAnd"] = "&", ["op_BitwiseOr"] = "|", ["op_ExclusiveOr"] = "^", ["op_Equality"] = "==", ["op_Inequality"] = "!=",
        ["op_LessThan"] = "<", ["op_LessThanOrEqual"] = "<=", ["op_GreaterThan"] = ">", ["op_GreaterThanOrEqual"] = ">=",
        ["op_LeftShift"] = "<<", ["op_RightShift"] = ">>", ["op_UnsignedRightShift"] = ">>>",
    };

    private static readonly Dictionary<string, string> s_unary = new()
    {
        ["op_UnaryNegation"] = "-", ["op_UnaryPlus"] = "+", ["op_OnesComplement"] = "~", ["op_LogicalNot"] = "!",
    };

    /// <summary>The support that probes use.</summary>
    public const string Support = """
        static class Probe
        {
            public static readonly string Text = new string("12".AsSpan());
            public static System.Collections.Generic.PriorityQueue<T, P> Queue<T, P>(T element, P priority)
            {
                var queue = new System.Collections.Generic.PriorityQueue<T, P>();
                for (int index = 0; index < 8; index++) { queue.Enqueue(element, priority); }
                return queue;
            }
        }
        """;

    /// <summary>One method on one line, or null when the member cannot be called from text.</summary>
    public static string? Write(MethodBase method, string name)
    {
        var setup = new List<string>();
        List<string> arguments = [];
        foreach (ParameterInfo parameter in method.GetParameters())
        {
            if (Argument(parameter, setup, arguments.Count) is not { } argument)
            {
                return null;
            }

            arguments.Add(argument);
        }

        string? receiver = null;
        if (!method.IsStatic && method is MethodInfo)
        {
            if (Expressions.Value(method.DeclaringType!) is not { } value)
            {
                return null;
            }

            setup.Add($"var r = {value};");
            receiver = "r";
        }

        return Call(method, receiver ?? Expressions.Name(method.DeclaringType!), arguments) is not { } call ? null
            : $"public static long {name}() {{ {string.Concat(setup)} long b = System.GC.GetAllocatedBytesForCurrentThread(); {call}; return System.GC.GetAllocatedBytesForCurrentThread() - b; }}";
    }

    private static string? Argument(ParameterInfo parameter, List<string> setup, int index)
    {
        Type type = parameter.ParameterType;
        Type plain = type.IsByRef ? type.GetElementType()! : type;
        if (Expressions.Value(plain) is not { } value)
        {
            return null;
        }

        setup.Add($"{Expressions.Name(plain)} a{index} = {value};");
        return !type.IsByRef ? $"a{index}" : parameter.IsOut ? $"out a{index}" : parameter.IsIn ? $"in a{index}" : $"ref a{index}";
    }

    private static string? Call(MethodBase method, string receiver, List<string> arguments)
    {
        string list = string.Join(", ", arguments);
        if (method is ConstructorInfo)
        {
            return $"_ = new {receiver}({list})";
        }

        var info = (MethodInfo)method;
        string name = info.Name;
        bool isVoid = info.ReturnType == typeof(void);
        string keep = isVoid ? "" : info.ReturnType.IsByRef ? "ref var k = ref " : "var k = ";
        if (info.IsSpecialName && name.StartsWith("op_", StringComparison.Ordinal))
        {
            return name is "op_Implicit" or "op_Explicit" ? $"var k = ({Expressions.Name(info.ReturnType)}){arguments[0]}"
                : s_operators.TryGetValue(name, out string? binary) ? $"var k = {arguments[0]} {binary} {arguments[1]}"
                : s_unary.TryGetValue(name, out string? unary) ? $"var k = {unary}{arguments[0]}" : null;
        }

        if (info.IsSpecialName && name.StartsWith("get_", StringComparison.Ordinal))
        {
            return arguments.Count == 0 ? $"{keep}{receiver}.{name[4..]}" : $"{keep}{receiver}[{list}]";
        }

        if (info.IsSpecialName && name.StartsWith("set_", StringComparison.Ordinal))
        {
            return arguments.Count == 1 ? $"{receiver}.{name[4..]} = {arguments[0]}" : $"{receiver}[{string.Join(", ", arguments[..^1])}] = {arguments[^1]}";
        }

        string types = info.IsGenericMethod ? $"<{string.Join(", ", info.GetGenericArguments().Select(Expressions.Name))}>" : "";
        return $"{keep}{receiver}.{name}{types}({list})";
    }
}
