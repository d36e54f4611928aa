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
        public static class Probe
        {
            public static string Text;
            public static int Number;
            public static char Letter;
            public static char Other = 'Z';

            // Each variant takes other ways through the members.
            public static void Choose(int variant)
            {
                Text = variant switch { 0 => "12", 1 => " aBc,dE 1 ", 2 => "1.2.3", _ => "" };
                Number = variant switch { 0 => 1, 1 => 30, 2 => 1000, _ => 0 };
                Letter = variant switch { 0 => '1', 1 => 'B', _ => '.' };
            }

            public static void Dispose<T>(ref T value) where T : System.IDisposable, allows ref struct => value.Dispose();

            public static long Size<T>()
            {
                long before = System.GC.GetAllocatedBytesForCurrentThread();
                System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(typeof(T));
                return System.GC.GetAllocatedBytesForCurrentThread() - before;
            }

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
            setup.Add(method.Name == "get_Current" && method.DeclaringType!.GetMethod("MoveNext", Type.EmptyTypes) is not null ? "r.MoveNext();" : "");
            receiver = "r";
        }

        return Call(method, receiver ?? Expressions.Name(method.DeclaringType!), arguments) is not { } call ? null
            : $"public static long {name}() {{ {string.Concat(setup)} long b = System.GC.GetAllocatedBytesForCurrentThread(); {call}; return System.GC.GetAllocatedBytesForCurrentThread() - b{Object(method)}; }}";
    }

    // 'new' is the caller's; what counts is what the constructor does.
    private static string Object(MethodBase method) =>
        method is ConstructorInfo { DeclaringType: { IsValueType: false } type } ? $" - Probe.Size<{Expressions.Name(type)}>()" : "";

    private static string? Argument(ParameterInfo parameter, List<string> setup, int index)
    {
        Type type = parameter.ParameterType;
        Type plain = type.IsByRef ? type.GetElementType()! : type;
        if ((plain == typeof(char) && index == 1 ? "Probe.Other" : parameter.HasDefaultValue ? $"default({Expressions.Name(plain)})" : Expressions.Value(plain)) is not { } value)
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
            // Not thrown away: of a span that nobody keeps the compiler makes code that does not run.
            return $"var k = new {receiver}({list})";
        }

        var info = (MethodInfo)method;
        string name = info.Name;
        bool isVoid = info.ReturnType == typeof(void);
        string keep = isVoid ? "" : info.ReturnType.IsByRef ? "ref readonly var k = ref " : "var k = ";
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

        if (name == FrameworkMembers.DisposalName)
        {
            return $"Probe.Dispose(ref {receiver})";
        }

        string types = info.IsGenericMethod ? $"<{string.Join(", ", info.GetGenericArguments().Select(Expressions.Name))}>" : "";
        return $"{keep}{receiver}.{name}{types}({list})";
    }
}
