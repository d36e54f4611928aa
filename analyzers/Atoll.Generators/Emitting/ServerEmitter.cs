using Atoll.Generators.Model;
using static Atoll.Generators.Emitting.WireEmitter;

namespace Atoll.Generators.Emitting;

/// <summary>The interface <c>INAMEServer</c>: what a server of the protocol does.</summary>
internal static class ServerEmitter
{
    public static string Emit(ProtocolModel protocol, ImmutableArray<NumberedMethod> methods)
    {
        CodeWriter code = CodeWriter.File(protocol.Namespace);
        code.Line();
        code.Summary($"Serves the protocol {protocol.WireName}.");
        code.Open($"public interface I{protocol.Name}Server : {Lib}.IServer");
        bool isFirst = true;
        foreach (NumberedMethod numbered in methods)
        {
            if (!isFirst)
            {
                code.Line();
            }

            isFirst = false;
            EmitMethod(code, protocol, numbered.Method);
        }

        code.Close();
        return code.ToString();
    }

    private static void EmitMethod(CodeWriter code, ProtocolModel protocol, MethodModel method)
    {
        string cref = $"I{protocol.Name}.{method.Name}";
        if (method.IsDeferred)
        {
            code.Summary($"Begins <see cref=\"{cref}\"/>. The answer is <see cref=\"{protocol.Name}Reply.{method.Name}\"/>, now or later.");
            code.Param("caller", "Who asks.");
            code.Param("reply", "The reply object in which the caller waits.");
            foreach (ParameterModel parameter in Given(method))
            {
                code.Param(DeferredName(parameter), DeferredMeaning(parameter));
            }
        }
        else
        {
            code.Summary($"Does <see cref=\"{cref}\"/>.");
            code.Param("caller", "Who asks.");
            code.ParamsOfProtocol(method.Parameters);
        }

        code.Line($"{(method.IsDeferred ? "void" : method.Result?.Name ?? "void")} {method.Name}({List(Parameters(method))});");
    }

    private static IEnumerable<string> Parameters(MethodModel method) => method.IsDeferred
        ? [$"in {Lib}.Caller caller", "uint reply", .. Given(method).Select(DeferredDeclaration)]
        : [$"in {Lib}.Caller caller", .. method.Parameters.Select(parameter => parameter.Declaration)];

    private static IEnumerable<ParameterModel> Given(MethodModel method) =>
        method.Parameters.Where(parameter => parameter.Kind is ParameterKind.In or ParameterKind.BytesIn or ParameterKind.BytesOut or ParameterKind.CapabilityIn);

    private static string DeferredDeclaration(ParameterModel parameter) =>
        parameter.Kind == ParameterKind.BytesOut ? $"uint {DeferredName(parameter)}" : parameter.Declaration;

    private static string DeferredName(ParameterModel parameter) =>
        parameter.Kind == ParameterKind.BytesOut ? $"{parameter.PlainName}Capacity" : parameter.PlainName;

    private static string DeferredMeaning(ParameterModel parameter) =>
        parameter.Kind == ParameterKind.BytesOut ? "How many bytes the caller has room for." : "As in the protocol.";
}
