using Atoll.Generators.Model;

namespace Atoll.Generators.Emitting;

/// <summary>The class <c>NAMEProtocol</c>: name, version, ids, sizes, and which values its enums have.</summary>
internal static class NumbersEmitter
{
    public static string Emit(ProtocolModel protocol, ImmutableArray<NumberedMethod> methods)
    {
        CodeWriter code = CodeWriter.File(protocol.Namespace);
        code.Line();
        code.Summary($"Numbers of the protocol {protocol.WireName}.");
        code.Open($"public static class {protocol.Name}Protocol");
        code.Summary("Its version.");
        code.Line($"public const uint Version = {protocol.Version};");
        foreach (NumberedMethod numbered in methods)
        {
            EmitMethod(code, protocol, numbered);
        }

        code.Line();
        code.Summary("Its name in manifests and systems.");
        code.Line($"public static global::System.ReadOnlySpan<byte> Name => \"{protocol.WireName}\"u8;");
        foreach (ScalarType type in Enums(methods))
        {
            EmitEnum(code, type);
        }

        code.Close();
        return code.ToString();
    }

    private static void EmitMethod(CodeWriter code, ProtocolModel protocol, NumberedMethod numbered)
    {
        MethodModel method = numbered.Method;
        string cref = $"<see cref=\"I{protocol.Name}.{method.Name}\"/>";
        code.Line();
        code.Summary($"Id of {cref}.");
        code.Line($"public const ulong {method.Name}Id = {numbered.Id};");
        if (method.BytesIn.Any())
        {
            code.Line();
            code.Summary($"Most bytes that {cref} takes{(method.BytesIn.Count() > 1 ? ", all together" : "")}.");
            code.Line($"public const uint {method.Name}BytesMax = {method.AskedBytesMax};");
        }

        if (method.BytesOut is not null)
        {
            code.Line();
            code.Summary($"Most bytes that {cref} brings back.");
            code.Line($"public const uint {method.Name}RoomMax = {method.AnsweredBytesMax};");
        }
    }

    private static void EmitEnum(CodeWriter code, ScalarType type)
    {
        IEnumerable<string> members = type.Enum!.Members;
        string all = string.Join(type.Enum.IsFlags ? " | " : " or ", members);
        code.Line();
        code.Line($"internal static bool IsDefined({type.Name} value) =>");
        code.Line(
            all.Length == 0 ? "    false;"
            : type.Enum.IsFlags ? $"    (value & ~({all})) == 0;"
            : $"    value is {all};");
    }

    private static IEnumerable<ScalarType> Enums(ImmutableArray<NumberedMethod> methods) =>
        methods
            .SelectMany(numbered => numbered.Method.Parameters.Select(parameter => parameter.Type).Append(numbered.Method.Result))
            .OfType<ScalarType>()
            .Where(type => type.Enum is not null)
            .GroupBy(type => type.Name, StringComparer.Ordinal)
            .Select(alike => alike.First());
}
