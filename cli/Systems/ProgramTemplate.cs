namespace Atoll.Cli.Systems;

/// <summary>What a new program begins as: it greets on the console, and ends. services/Hello is the same by hand.</summary>
internal static class ProgramTemplate
{
    /// <summary>The service.</summary>
    public const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <ItemGroup>
            <ProjectReference Include="../../kernel/CoreLib/CoreLib.csproj" />
            <ProjectReference Include="../../kernel/Abi/Abi.csproj" />
            <ProjectReference Include="../Lib/Lib.csproj" />
            <ProjectReference Include="../Protocols/Protocols.csproj" />
          </ItemGroup>
        </Project>

        """;

    /// <summary>What the service may use.</summary>
    public static string Layer(string service) => $"Atoll.Services.{service}: Atoll.CoreLib Atoll.Abi Atoll.Services.Lib Atoll.Services.Protocols\n";

    /// <summary>The project that makes the program.</summary>
    public static string ProgramProject(string name, string service)
    {
        string renamed = name == service.ToLowerInvariant()
            ? ""
            : $"  <PropertyGroup>\n    <ProgramName>{name}</ProgramName>\n  </PropertyGroup>\n";
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
            {renamed}  <ItemGroup>
                <ProjectReference Include="../../Protocols/Protocols.csproj" />
              </ItemGroup>
              <Import Project="../../Program.props" />
            </Project>

            """;
    }

    /// <summary>The manifest.</summary>
    public static string Manifest(string name) => $"""
        # What the program needs: docs/systems.md.
        name = "{name}"
        stack_kib = 16

        [[needs]]
        name = "console"
        kind = "call"
        protocol = "console"
        version = 1

        """;

    /// <summary>The entry.</summary>
    public static string Entry(string name, string service) => $$"""
        using Atoll.Services.Lib;
        using Atoll.Services.Protocols;

        namespace Atoll.Services.{{service}};

        /// <summary>The program '{{name}}'.</summary>
        public static class {{service}}Program
        {
            [Program]
            internal static void Main(in ProgramStart start)
            {
                ConsoleClient console = new(start.Find("console"u8));
                CallResult written = console.Write("hello from {{name}}\n"u8, out _);
                ProgramExit.End(written == CallResult.Ok ? (byte)0 : (byte)1);
            }
        }

        """;

    /// <summary>A system with the program, a console, somebody who hears of faults, and a shell to look around with.</summary>
    public static string System(string name) => $$"""
        # docs/systems.md has every key.
        description = "The program '{{name}}', with a console and a shell"
        cores = 1

        [[program]]
        name = "console"
        priority = 200
        restart = "on-fault"
        faults_to = "supervisor"
          [program.ports]
          uart = { first = 0x3F8, last = 0x3FF }
          [program.interrupts]
          uart-line = { line = 4, trigger = "edge", polarity = "high" }

        [[program]]
        name = "supervisor"
        priority = 220
        restart = "on-fault"

        [[program]]
        name = "shell"
        priority = 100
        restart = "on-fault"
        faults_to = "supervisor"
        allow = ["figures", "machine"]

        [[program]]
        name = "{{name}}"
        priority = 90
        faults_to = "supervisor"

        [[channel]]
        server = "console.clients"
        clients = ["shell.console", "supervisor.console", "{{name}}.console"]

        [[channel]]
        server = "supervisor.faults"
        clients = ["shell.watch"]

        [[channel]]
        server = "init"
        clients = ["shell.system", "supervisor.system"]

        """;
}
