using Atoll.Generators.Model;
using static Atoll.Generators.Emitting.WireEmitter;

namespace Atoll.Generators.Emitting;

/// <summary>The structs <c>NAMEClient&lt;TTransport&gt;</c>, and <c>NAMEClient</c> over endpoints.</summary>
internal static class ClientEmitter
{
    public static string Emit(ProtocolModel protocol, ImmutableArray<NumberedMethod> methods)
    {
        CodeWriter code = CodeWriter.File(protocol.Namespace);
        EmitGeneric(code, protocol, methods);
        EmitOverEndpoints(code, protocol, methods);
        return code.ToString();
    }

    private static void EmitGeneric(CodeWriter code, ProtocolModel protocol, ImmutableArray<NumberedMethod> methods)
    {
        code.Line();
        code.Summary($"Calls a server of the protocol {protocol.WireName}.");
        code.Line("/// <typeparam name=\"TTransport\">How messages get there.</typeparam>");
        code.Line("[global::Atoll.NonCopyable]");
        code.Line($"public struct {protocol.Name}Client<[global::Atoll.AllowLinear] TTransport>");
        code.Open($"    where TTransport : struct, {Lib}.{(protocol.HasCapabilities ? "ICapabilityTransport" : "ITransport")}");
        code.Summary("The way to the server. Some have a state, so the client is where they are.");
        code.Line("public TTransport Transport;");
        foreach (NumberedMethod numbered in methods)
        {
            EmitCall(code, protocol, numbered.Method);
        }

        code.Close();
    }

    private static void EmitOverEndpoints(CodeWriter code, ProtocolModel protocol, ImmutableArray<NumberedMethod> methods)
    {
        code.Line();
        code.Summary($"Calls a server of the protocol {protocol.WireName} through an endpoint.");
        code.Param("address", "Address of the endpoint's capability.");
        code.Param("deadline", "TSC value at which a call ends unanswered.");
        code.Open($"public readonly struct {protocol.Name}Client(ulong address, ulong deadline = {Lib}.Deadline.Never)");
        code.Line($"private readonly {Lib}.EndpointTransport _transport = new(address, deadline);");
        foreach (NumberedMethod numbered in methods)
        {
            MethodModel method = numbered.Method;
            IEnumerable<string> arguments = method.Parameters.SelectMany(parameter => parameter.Kind == ParameterKind.CapabilityOut
                ? [$"ref {Slot(parameter)}", parameter.Argument]
                : new[] { parameter.Argument });
            code.Line();
            code.Line($"/// <inheritdoc cref=\"{protocol.Name}Client{{TTransport}}.{method.Name}\"/>");
            code.Line($"public {Lib}.CallResult {method.Name}({Parameters(method)}) =>");
            code.Line($"    new {protocol.Name}Client<{Lib}.EndpointTransport> {{ Transport = _transport }}.{method.Name}({List(method.Result is null ? arguments : arguments.Append("out result"))});");
        }

        code.Close();
    }

    private static void EmitCall(CodeWriter code, ProtocolModel protocol, MethodModel method)
    {
        code.Line();
        code.Summary($"Calls <see cref=\"I{protocol.Name}.{method.Name}\"/>.");
        EmitParams(code, method);
        if (method.Result is not null)
        {
            code.Param("result", "What the server returned.");
        }

        code.Line("/// <returns>Ok: the server answered, and what comes back means something.</returns>");
        code.Open($"public {Lib}.CallResult {method.Name}({Parameters(method)})");
        EmitDefaults(code, method);
        EmitQuestion(code, protocol, method);
        EmitAnswer(code, protocol, method);
        code.Close();
    }

    private static string Parameters(MethodModel method)
    {
        IEnumerable<string> declared = method.Parameters.SelectMany(parameter => parameter.Kind == ParameterKind.CapabilityOut
            ? [$"ref {Lib}.OwnSlot {Slot(parameter)}", parameter.Declaration]
            : new[] { parameter.Declaration });
        return List(method.Result is null ? declared : declared.Append($"out {method.Result.Name} result"));
    }

    // The slot that an answer's capability goes into.
    private static string Slot(ParameterModel parameter) => $"{parameter.PlainName}Slot";

    private static void EmitParams(CodeWriter code, MethodModel method)
    {
        foreach (ParameterModel parameter in method.Parameters)
        {
            if (parameter.Kind == ParameterKind.CapabilityOut)
            {
                code.Param(Slot(parameter), "An empty slot for it.");
            }

            code.ParamsOfProtocol([parameter]);
        }
    }

    private static void EmitDefaults(CodeWriter code, MethodModel method)
    {
        foreach (ParameterModel parameter in method.Parameters.Where(parameter => parameter.Kind is ParameterKind.Out or ParameterKind.Length or ParameterKind.CapabilityOut))
        {
            code.Line($"{parameter.Name} = default;");
        }

        if (method.Result is not null)
        {
            code.Line("result = default;");
        }
    }

    private static void EmitQuestion(CodeWriter code, ProtocolModel protocol, MethodModel method)
    {
        if (method.CapabilitiesOut.Any())
        {
            IEnumerable<string> wrong = method.CapabilitiesOut.Select(parameter => $"!{Slot(parameter)}.IsEmpty");
            code.ReturnIf(string.Join(" || ", wrong.Prepend($"!{Lib}.ThreadBuffer.Inbox.IsReady")), $"{Lib}.CallResult.SlotTaken");
        }

        code.Line($"{Lib}.MessageWriter asked = new(Transport.Words);");
        foreach (ParameterModel parameter in method.Parameters)
        {
            switch (parameter.Kind)
            {
                case ParameterKind.In:
                    Add(code, parameter.Type!, parameter.Name, "asked");
                    break;
                case ParameterKind.BytesIn:
                    code.Line($"asked.Add((ulong){parameter.Name}.Length);");
                    break;
                case ParameterKind.BytesOut:
                    code.Line($"uint {parameter.PlainName}Room = {Lib}.WordBytes.Least({parameter.Name}.Length, {protocol.Name}Protocol.{method.Name}RoomMax);");
                    code.Line($"asked.Add({parameter.PlainName}Room);");
                    break;
            }
        }

        foreach (ParameterModel parameter in method.BytesIn)
        {
            code.Line($"asked.Add({parameter.Name});");
        }

        if (method.BytesIn.Any())
        {
            code.ReturnIf("asked.IsTooLong", $"{Lib}.CallResult.TooLong");
        }

        if (method.HasCapabilities)
        {
            EmitCarryingCall(code, protocol, method);
            return;
        }

        code.Line($"{Lib}.CallResult outcome = Transport.Call({protocol.Name}Protocol.{method.Name}Id, asked.Count, out uint answered);");
        code.ReturnIf($"outcome != {Lib}.CallResult.Ok", "outcome");
    }

    private static void EmitCarryingCall(CodeWriter code, ProtocolModel protocol, MethodModel method)
    {
        bool admits = method.CapabilitiesOut.Any();
        code.Line(admits ? $"{Lib}.Cargo cargo = new() {{ Admits = true }};" : $"{Lib}.Cargo cargo = default;");
        foreach (ParameterModel parameter in method.CapabilitiesIn)
        {
            code.Line($"cargo.Give({parameter.Name}.Address);");
        }

        code.Line($"{Lib}.CallResult outcome = Transport.Call(");
        code.Line($"    {protocol.Name}Protocol.{method.Name}Id, asked.Count, in cargo, out uint answered, out {(admits ? "uint came" : "_")});");
        if (!admits)
        {
            code.ReturnIf($"outcome != {Lib}.CallResult.Ok", "outcome");
            return;
        }

        EmitRefuse(code, $"outcome != {Lib}.CallResult.Ok", "Refuse(came)", "outcome");
        code.Line($"{Lib}.CapabilityReader capabilities = new(came);");
    }

    // Nothing of a message that is refused stays in the inbox.
    private static void EmitRefuse(CodeWriter code, string condition, string end, string value)
    {
        code.Open($"if ({condition})");
        code.Line($"{Lib}.ThreadBuffer.Inbox.{end};");
        code.Line($"return {value};");
        code.Close();
        code.Line();
    }

    private static void EmitAnswer(CodeWriter code, ProtocolModel protocol, MethodModel method)
    {
        code.Line($"{Lib}.MessageReader answer = new(Transport.Words, answered);");
        if (method.Result is not null)
        {
            Take(code, protocol, method.Result, "resultTaken", "answer");
        }

        foreach (ParameterModel parameter in method.Parameters)
        {
            if (parameter.Kind == ParameterKind.Out)
            {
                Take(code, protocol, parameter.Type!, $"{parameter.PlainName}Taken", "answer");
            }
            else if (parameter.Kind == ParameterKind.Length)
            {
                TakeLength(code, $"{parameter.PlainName}Taken", "answer", $"{method.BytesOut!.PlainName}Room");
            }
            else if (parameter.Kind == ParameterKind.CapabilityOut)
            {
                code.Line($"ulong {parameter.PlainName}Taken = capabilities.TakeIf(answer.TakeBool(), {parameter.Handle!.KindName});");
            }
        }

        if (method.BytesOut is { } room)
        {
            string length = method.Parameters.First(parameter => parameter.Kind == ParameterKind.Length).PlainName;
            code.Line($"global::System.ReadOnlySpan<byte> {room.PlainName}Taken = answer.TakeBytes({length}Taken);");
        }

        if (method.CapabilitiesOut.Any())
        {
            code.Line("answer.Require(capabilities.IsComplete);");
            EmitRefuse(code, "!answer.IsComplete", "Drop()", $"{Lib}.CallResult.AnswerInvalid");
        }
        else
        {
            code.ReturnIf("!answer.IsComplete", $"{Lib}.CallResult.AnswerInvalid");
        }

        EmitOutcome(code, method);
    }

    private static void EmitOutcome(CodeWriter code, MethodModel method)
    {
        if (method.Result is not null)
        {
            code.Line("result = resultTaken;");
        }

        foreach (ParameterModel parameter in method.Parameters)
        {
            switch (parameter.Kind)
            {
                case ParameterKind.Out:
                case ParameterKind.Length:
                    code.Line($"{parameter.Name} = {parameter.PlainName}Taken;");
                    break;
                case ParameterKind.BytesOut:
                    code.Line($"{parameter.PlainName}Taken.CopyTo({parameter.Name});");
                    break;
                case ParameterKind.CapabilityOut:
                    code.Line($"{parameter.Name} = new({Slot(parameter)}.Keep({parameter.PlainName}Taken));");
                    break;
            }
        }

        if (method.CapabilitiesOut.Any())
        {
            code.Line($"{Lib}.ThreadBuffer.Inbox.Drop();");
        }

        code.Line($"return {Lib}.CallResult.Ok;");
    }
}
