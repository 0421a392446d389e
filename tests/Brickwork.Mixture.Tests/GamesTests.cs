using Brickwork.Mixture.Readers;
using Brickwork.TestKit;

namespace Brickwork.Mixture.Tests;

public sealed class GamesTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_scenario_of_Wesnoth_tells_its_story_and_who_speaks()
    {
        var scenario = _folder.Write("one.cfg", """
            [story]
                [part]
                    story= _ "Long ago <i>it</i> began."
                [/part]
            [/story]
            [message]
                speaker=Konrad
                message= _ "We must go!"
            [/message]
            [message]
                speaker=narrator
                message= _ "He said ""No""."
            [/message]
            [message]
                message= _ "Somebody speaks."
            [/message]
            """);

        Games.Wesnoth(scenario).Select(Plain.Tidy).ShouldBe(["Long ago it began.\n\nKonrad: We must go!\n\nHe said \"No\".\n\nSomebody speaks."]);
    }

    [Fact]
    public void Missions_of_Endless_Sky_are_documents_with_names_in_their_blanks()
    {
        var missions = _folder.Write("missions.txt", """
            mission "One"
            	description `Bring <tons> of <commodity> to <planet>, <first>.`
            	name "short"
            mission "Two"
            	`The captain looks at you and says "Well, well, well."`
            """);

        Games.EndlessSky(missions).Where(text => text.Length > 0).ShouldBe(["Bring ten of cargo to New Boston, Robin.", "The captain looks at you and says \"Well, well, well.\""]);
    }

    [Fact]
    public void Scripts_give_the_texts_that_are_to_be_translated()
    {
        var script = _folder.Write("script.lua", "say(_(\"The \\\"Wanderer\\\" has %d tons of room left.\"))\nsay(_([[A long text\n   over two lines.]]))\nsay(_(\"short\"))\nsay(\"This one is not to be translated.\")\n");

        Games.Lua(script).ShouldBe(["The \"Wanderer\" has it tons of room left.\n\nA long text over two lines."]);
    }

    [Fact]
    public void Conversations_of_FreedroidRPG_name_who_speaks()
    {
        var dialog = _folder.Write("Old_Sam.lua", "Npc:says(_\"Hello, %s.\")\ntext = _\"Who are you?\"\nTux:says(_\"I am new here.\")\n");

        Games.Freedroid(dialog).ShouldBe(["Old Sam: Hello, Linarian.\n\nTux: Who are you?\n\nTux: I am new here."]);
    }

    [Fact]
    public void Descriptions_of_Crawl_are_joined_without_programs_and_remarks()
    {
        var entry = "A sword\n\n" + string.Join(' ', Enumerable.Repeat("shining", 20));
        var descriptions = _folder.Write("items.txt", $"# remark\n{entry}\n%%%%\n{{{{ return 1 }}}} {entry}\n%%%%\n{entry}\n");

        Games.Crawl(descriptions).ShouldBe([$"{entry}\n\n{entry}"]);
    }
}
