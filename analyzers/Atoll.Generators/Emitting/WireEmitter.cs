using Atoll.Generators.Model;

namespace Atoll.Generators.Emitting;

/// <summary>Statements that write a value into a message, or take one out of it.</summary>
internal static class WireEmitter
{
    /// <summary>Namespace of services/Lib, as generated code writes it.</summary>
    public const string Lib = "global::Atoll.Services.Lib";

    /// <summary>Declares a variable and takes its value; the message is wrong when the type has no such value.</summary>
    public static void Take(CodeWriter code, ProtocolModel protocol, ScalarType type, string variable, string reader)
    {
        code.Line($"{type.Name} {variable} = {type.Decode(reader)};");
        if (type.Enum is not null)
        {
            code.Line($"{reader}.Require({protocol.Name}Protocol.IsDefined({variable}));");
        }
    }

    /// <summary>Declares a variable and takes a number of bytes.</summary>
    public static void TakeLength(CodeWriter code, string variable, string reader, string most) =>
        code.Line($"uint {variable} = (uint){reader}.TakeUpTo({most});");

    /// <summary>Writes one word.</summary>
    public static void Add(CodeWriter code, ScalarType type, string value, string writer) => code.Line($"{writer}.Add({type.Encode(value)});");

    /// <summary>Writes whether there is a capability, and gives it along if there is.</summary>
    public static void AddCapability(CodeWriter code, ParameterModel parameter)
    {
        code.Line($"answer.Add({parameter.Name}.Address != 0);");
        code.Open($"if ({parameter.Name}.Address != 0)");
        code.Line($"cargo.Give({parameter.Name}.Address);");
        code.Close();
        code.Line();
    }

    /// <summary>The parameters of a method after others, each as declared.</summary>
    public static string List(IEnumerable<string> parts) => string.Join(", ", parts);
}
