import type { ReactNode } from 'react'
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components'

export interface TabItem {
  readonly key: string
  readonly title: ReactNode
  readonly content: ReactNode
}

/** React Aria marks the whole while something within has the focus; the ring belongs to that alone. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly TabItem[] }) {
  return (
    <AriaTabs className="flex flex-col gap-4 shadow-none outline-none">
      <TabList aria-label={label} className="flex flex-wrap gap-x-2 border-b border-solid-gray-420">
        {tabs.map((tab) => (
          <Tab
            key={tab.key}
            id={tab.key}
            className="cursor-pointer border-b-4 border-transparent px-4 py-2 text-std-16B-170 hover:border-solid-gray-420 selected:border-blue-900 selected:text-blue-900"
          >
            {tab.title}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.key} id={tab.key}>
          {tab.content}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}
